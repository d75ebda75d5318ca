#include "stopsignals.h"
#include <signal.h>
#include <string.h>

static volatile sig_atomic_t first_signal = 0;
static volatile sig_atomic_t interrupts = 0;

static void note(int number) {
    if (number == SIGINT && ++interrupts > 1) {
        // Delivered as soon as this handler returns.
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
        return;
    }
    if (first_signal == 0) {
        first_signal = number;
    }
}

void lockstep_watch_stop_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    // Reading and writing must not fail because a signal came in between.
    action.sa_flags = SA_RESTART;
    sigset_t watched;
    sigemptyset(&watched);
    const int numbers[] = {SIGTERM, SIGINT, SIGUSR1, SIGXCPU, SIGHUP};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        struct sigaction inherited;
        // nohup asks for a run that outlives its terminal.
        if (numbers[index] == SIGHUP && sigaction(SIGHUP, NULL, &inherited) == 0 && inherited.sa_handler == SIG_IGN) {
            continue;
        }
        sigaction(numbers[index], &action, NULL);
        sigaddset(&watched, numbers[index]);
    }
    // Whoever started this process may have had them blocked, and a process inherits that.
    pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
}

int lockstep_stop_signal(void) { return first_signal; }
