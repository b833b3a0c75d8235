"""The daemon: folders in, steps out; settings; the command line (R95)."""
