"""The only place that knows everybody: settings, addresses, and which event wakes which handler."""
