"""The sample laboratories, entered through the services like anyone's data."""
