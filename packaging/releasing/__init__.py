"""What packaging/release does, part by part."""
