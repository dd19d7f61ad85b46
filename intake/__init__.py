"""What comes in from other systems: the SSDA903 return, read, checked, and turned into facts."""
