"""The two boards: requests by phase, instruments by state; cards move on every open screen."""
