import Foundation

/// The terminal that standard output ends up on.
///
/// Open MPI gives every rank a pseudo-terminal as standard output, whatever mpirun's own output is. Under mpirun the
/// question is therefore put to the parent process; on another machine than mpirun's the answer is no.
public struct Terminal: Sendable {
    private enum Device: Sendable {
        case descriptor(Int32)
        case path(String)
    }

    private let device: Device

    /// The terminal behind standard output.
    /// - Parameter environment: the variables of this process.
    /// - Returns: nil when there is none, or only one that cannot go back to the start of a line.
    public init?(environment: [String: String]) {
        guard environment["OMPI_COMM_WORLD_SIZE"] == nil else {
            self.init(path: "/proc/\(getppid())/fd/1", environment: environment)
            return
        }
        guard environment["TERM"] != "dumb", isatty(STDOUT_FILENO) == 1 else { return nil }
        self.init(device: .descriptor(STDOUT_FILENO))
    }

    /// The terminal at a path; nil when something else is there.
    package init?(path: String, environment: [String: String]) {
        guard environment["TERM"] != "dumb", Self.withDevice(at: path, { isatty($0) == 1 }) == true else { return nil }
        self.init(device: .path(path))
    }

    private init(device: Device) { self.device = device }

    /// The width in characters, asked anew each time; 80 when the terminal does not know.
    public var columns: Int {
        var size = winsize()
        switch device {
        case .descriptor(let descriptor): _ = ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        case .path(let path): _ = Self.withDevice(at: path) { ioctl($0, UInt(TIOCGWINSZ), &size) }
        }
        return size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Opens a file for as long as the body runs, without waiting for a pipe's reader or taking over a terminal.
    private static func withDevice<Result>(at path: String, _ body: (Int32) -> Result) -> Result? {
        let descriptor = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return body(descriptor)
    }
}
