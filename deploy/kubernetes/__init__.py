"""The manifests for Kubernetes; `python -m deploy.kubernetes` writes what is made from other files."""
