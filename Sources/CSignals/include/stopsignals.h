// The signals that ask a run to stop. A handler may touch no Swift memory, so what it notes is kept here.
#pragma once

/// From now on SIGTERM, SIGINT, SIGUSR1, SIGXCPU and, unless it was inherited as ignored, SIGHUP are only noted. A second
/// SIGINT ends the process at once.
void lockstep_watch_stop_signals(void);

/// The number of the first signal noted, or 0.
int lockstep_stop_signal(void);
