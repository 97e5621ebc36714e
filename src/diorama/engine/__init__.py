"""How jobs are run: `local.run` on this computer. An engine knows nothing of what a job does."""
