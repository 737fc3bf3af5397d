"""The suite as people and machines meet it: a server process, a browser, 1C."""
