"use strict";
// The answer goes on by itself; without scripts its button does.
document.getElementById("onward").submit();
