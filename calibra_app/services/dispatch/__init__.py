"""Items on their way home: packing by scan, shipping, delivery with its evidence."""
