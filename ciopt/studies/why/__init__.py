"""Why a plan is as it is: what an assignment is for, why something is not in it, what everything is worth."""
