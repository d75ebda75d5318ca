import Foundation

/// The operating system's words for a failed call.
enum SystemReason {
    /// The words for the last failed system call of this thread.
    static var last: String { text(of: errno) }

    /// The words for an error number, without a capital at the start, so that they fit into a sentence.
    static func text(of code: Int32) -> String {
        let words = String(cString: strerror(code))
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// The words for what Foundation throws: the system's own where there are some.
    static func text(of error: any Error) -> String {
        let error = error as NSError
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain {
            return text(of: Int32(truncatingIfNeeded: cause.code))
        }
        if error.domain == NSPOSIXErrorDomain { return text(of: Int32(truncatingIfNeeded: error.code)) }
        return error.code == CocoaError.fileReadNoSuchFile.rawValue ? text(of: ENOENT) : error.localizedDescription
    }
}
