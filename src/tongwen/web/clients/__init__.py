"""Services that log people in here, and programs with tokens: registering them, their secrets, switching them off."""
