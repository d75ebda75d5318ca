import CMPIShim
import Collectives

/// Asks all ranks for a sign of life, and gives one when asked, on a channel of its own.
///
/// A rank answers while it waits, which is what all ranks but the culprit of a stall do.
final class RollCall {
    private static let capacity = 1024

    private let channel: MPICommunicator
    private var number = 0
    /// What the ranks that answered the last call are doing.
    private(set) var answers: [Int: String] = [:]
    /// Whether a call was made or joined that has not been dismissed.
    private(set) var isOpen = false
    /// Whether another rank has told everybody that it speaks for all.
    private(set) var isHushed = false

    /// Calls on `channel`, which nothing else uses.
    init(channel: MPICommunicator) {
        self.channel = channel
    }

    /// Calls all other ranks.
    func open() throws(CommunicationError) {
        number += 1
        isOpen = true
        answers = [:]
        for rank in 0..<channel.size where rank != channel.rank { try post("call \(number)", to: rank) }
    }

    /// Tells all other ranks that this one reports what is wrong and ends the job.
    func hush() throws(CommunicationError) {
        for rank in 0..<channel.size where rank != channel.rank { try post("hush 0", to: rank) }
    }

    /// Forgets the call: waiting has ended, or begins anew.
    func dismiss() { isOpen = false }

    /// Takes the messages that are here: answers calls with what this rank is doing, and notes answers. A rank that is
    /// called joins the call, so that all ranks judge at the same time.
    func attend(_ doing: () -> String) throws(CommunicationError) {
        while let (text, source) = try take() {
            let words = text.split(separator: " ", maxSplits: 2)
            guard words.count >= 2 else { continue }
            if words[0] == "hush" {
                isHushed = true
            } else if words[0] == "call" {
                try post("here \(words[1]) \(doing())", to: source)
                if !isOpen { try open() }
            } else if Int(words[1]) == number {
                answers[source] = words.count > 2 ? String(words[2]) : ""
            }
        }
    }

    private func post(_ text: String, to rank: Int) throws(CommunicationError) {
        let bytes = Array(text.utf8.prefix(Self.capacity))
        try channel.check(mpishim_post(channel.handle, bytes, Int32(bytes.count), Int32(rank)), .rollCall)
    }

    private func take() throws(CommunicationError) -> (text: String, source: Int)? {
        var bytes = [UInt8](repeating: 0, count: Self.capacity)
        var (count, source, isHere): (Int32, Int32, Int32) = (0, 0, 0)
        try channel.check(
            mpishim_take(channel.handle, &bytes, Int32(Self.capacity), &count, &source, &isHere), .rollCall)
        return isHere == 0 ? nil : (String(decoding: bytes.prefix(Int(count)), as: UTF8.self), Int(source))
    }
}
