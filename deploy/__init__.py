"""What runs around the service: dashboards, alerts, and how to run it on one machine or in a cluster."""
