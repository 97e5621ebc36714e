"""How jobs are run: by `local` on this computer, by `ray` on a cluster. An engine knows nothing of what a job does."""
