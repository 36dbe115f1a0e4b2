"""The migrations, one a file; a released one is never changed."""
