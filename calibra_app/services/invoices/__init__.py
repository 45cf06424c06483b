"""Money owed: invoices from accepted offers, credit notes, payments, and what they release."""
