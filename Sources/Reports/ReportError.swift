import Failures
import Foundation

/// A report that cannot be written or read. The description is one sentence and the next step.
public enum ReportError: ExplainedError, Hashable {
    /// A new run found the metrics of an earlier one.
    case alreadyExists(path: String)
    /// The file cannot be opened or created; `reason` is the system's.
    case cannotOpen(path: String, reason: String)
    /// Writing failed; `reason` is the system's. Nothing of the failed line is left in the file.
    case cannotWrite(path: String, reason: String)
    /// So many lines at the end of a file were never written, and the last attempt failed with this error.
    indirect case lostLines(Int, ReportError)
    /// Standard output or standard error does not take what is written to it.
    case cannotShow(stream: String, reason: String)
    /// The file cannot be read; `reason` is the system's.
    case cannotRead(path: String, reason: String)
    /// A complete line is not a metrics record. Lines count from 1.
    case damagedLine(path: String, line: Int)

    /// Reports are output, those that are read again included.
    public var exitCode: ExitCode { .output }

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .alreadyExists(let path):
            return "\(path) already holds the metrics of an earlier run. Choose another --output, or add --resume."
        case .cannotOpen(let path, let reason):
            let advice =
                reason == SystemReason.text(of: EMFILE) ? "Raise ulimit -n" : "Choose a directory you may write to"
            return "\(path) cannot be opened for writing: \(reason). \(advice)."
        case .cannotWrite(let path, let reason):
            return "\(path) cannot be written: \(reason). Make room or choose another disk."
        case .lostLines(let count, let error):
            return "The last \(NumberFormat.counted(count, "line")) did not reach the disk: \(error)"
        case .cannotShow(let stream, let reason):
            return "\(stream) cannot be written to: \(reason). Send it to a file with room or to a program that reads "
                + "it to its end, and try again."
        case .cannotRead(let path, let reason):
            return "\(path) cannot be read: \(reason). Check the path and its permissions."
        case .damagedLine(let path, let line):
            return "Line \(line) of \(path) is not a metrics record. Delete that line and try again."
        }
    }
}
