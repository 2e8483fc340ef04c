"""What people say of readings: looks, corrections, samples, goldens."""
