"""What every service needs: tenancy scope, events, jobs, blobs, search port, progress."""
