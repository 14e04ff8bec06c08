"""Always-on producers: a drop folder that is watched, feeds that are polled."""
