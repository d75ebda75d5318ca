import CSignals
import Foundation

/// The signals that ask a run to stop after the step it is at: SIGTERM, SIGINT (Ctrl-C), SIGUSR1, which Slurm sends before
/// the time limit with `--signal=USR1`, SIGHUP, when the terminal is closed and nohup does not forbid it, and SIGXCPU, when
/// the processor time of `ulimit -t` is used up.
enum StopSignals {
    /// Notes these signals from now on, instead of dying of them; a second SIGINT still ends the process at once.
    static func watch() { lockstep_watch_stop_signals() }

    /// The name of the first one that has come; nil when none has.
    static var received: String? {
        switch lockstep_stop_signal() {
        case SIGTERM: "SIGTERM"
        case SIGINT: "SIGINT"
        case SIGUSR1: "SIGUSR1"
        case SIGHUP: "SIGHUP"
        case SIGXCPU: "SIGXCPU"
        default: nil
        }
    }
}
