"""The HTTP endpoints for machines: channels, customers, and whoever watches over the service."""
