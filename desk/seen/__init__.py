"""What pages show, made ready in words: templates only lay it out."""
