"""What the service costs: time by phase, memory, disk, and against other pipelines."""
