"""What somebody sees and does about herself."""
