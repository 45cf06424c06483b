"""Calibra: the system a calibration laboratory works in all day."""
