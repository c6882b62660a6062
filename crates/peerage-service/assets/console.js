// The console's one script. Every page works without it; with it they are live.
"use strict";
