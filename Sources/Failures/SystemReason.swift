import Foundation

/// The operating system's words for a failed call.
package enum SystemReason {
    /// The words for the last failed system call of this thread.
    package static var last: String { text(of: errno) }

    /// The words for an error number, without a capital at the start, so that they fit into a sentence.
    package static func text(of code: Int32) -> String {
        let words = String(cString: strerror(code))
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// The words for what Foundation throws: the system's own where there are some, without a full stop.
    package static func text(of error: any Error) -> String {
        let cause = (error as? CocoaError)?.underlying ?? error
        if let error = cause as? POSIXError { return text(of: error.code.rawValue) }
        let words = (cause as NSError).localizedDescription
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }
}
