"""What the quality gate measures on a picture: light, sharpness, frame, screen; each measurement a score from 0 (none of it) to 1."""
