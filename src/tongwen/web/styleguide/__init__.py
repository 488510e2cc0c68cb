"""Every component in its states, for developers."""
