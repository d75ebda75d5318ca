import Foundation

/// The memory that this process may reserve. A number in a file that makes a reader reserve more than the file's size
/// shows here, even when the memory is never touched.
enum AddressSpace {
    /// Bounds it to what it is now and some bytes more; beyond that an allocation fails, which ends the process.
    ///
    /// - Throws: `FuzzFailure` when the system does not tell or does not allow it.
    static func limit(toMoreBytes bytes: Int) throws {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").first.flatMap({ Int($0) })
        else { throw FuzzFailure("The size of this process is not known. Pass --memory 0 to do without a bound.") }
        let size = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + bytes)
        var limit = rlimit(rlim_cur: size, rlim_max: size)
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
            throw FuzzFailure("The memory of this process cannot be bounded. Pass --memory 0 to do without a bound.")
        }
    }
}

/// A reason why nothing can be tried; the description says what to do.
struct FuzzFailure: Error, CustomStringConvertible {
    /// The sentence.
    let description: String

    init(_ description: String) { self.description = description }
}
