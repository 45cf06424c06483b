"""Procedures that a laboratory designs as data: their form, their plan, their evaluation."""
