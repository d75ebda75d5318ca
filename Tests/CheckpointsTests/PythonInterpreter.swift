import Foundation

/// The `python3` on the search path.
enum PythonInterpreter {
    /// Whether it exists and has the `safetensors` and `numpy` packages.
    static let isAvailable = (try? run("import safetensors.numpy", []))?.status == 0

    /// Runs a script and waits for its end.
    static func run(_ script: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
