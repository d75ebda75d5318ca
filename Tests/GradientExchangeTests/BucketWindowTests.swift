import GradientExchange
import Kernels
import TestSupport
import Testing

@Suite("How many buckets travel at once", .endsHangs)
struct BucketWindowTests {
    /// A link that takes some buckets from one look at it to the next, and more to send than it can take.
    private struct Link {
        var bucketsPerLook: Double
        var window = BucketWindow()
        private var travelling = 0
        private var credit = 0.0

        init(bucketsPerLook: Double) { self.bucketsPerLook = bucketsPerLook }

        /// One look; returns how much of the link's time was used.
        mutating func look() -> Double {
            credit += bucketsPerLook
            let ended = min(travelling, Int(credit))
            let used = min(1, Double(travelling) / bucketsPerLook)
            // What a link does not carry while it is idle is lost.
            credit = ended == travelling ? 0 : credit - Double(ended)
            window.note(ended: ended, travelling: travelling, isHoldingBack: true)
            travelling = window.limit
            return used
        }
    }

    // Guards: a fast link is kept busy, and behind a slow one no more waits than it needs: from a quarter of a bucket to
    // 50 between two looks.
    @Test(arguments: [0.25, 1, 2.5, 7, 20, 50])
    func findsWhatKeepsTheLinkBusy(bucketsPerLook: Double) {
        var link = Link(bucketsPerLook: bucketsPerLook)
        for _ in 0..<200 { _ = link.look() }
        var (used, most) = (0.0, 0)
        for _ in 0..<1000 {
            used += link.look() / 1000
            most = max(most, link.window.limit)
        }
        #expect(used > 0.95)
        #expect(Double(most) <= max(2, bucketsPerLook) + 2)
    }

    // Guards: a link that becomes slower, or is looked at more often, soon has less behind which a sum would wait.
    @Test func followsALinkThatBecomesSlower() {
        var link = Link(bucketsPerLook: 50)
        for _ in 0..<200 { _ = link.look() }
        #expect(link.window.limit >= 50)
        link.bucketsPerLook = 2
        for _ in 0..<1000 { _ = link.look() }
        #expect(link.window.limit <= 4)
    }

    // Guards: without anything held back the link was idle for want of gradients, which says nothing about the window.
    @Test func learnsNothingFromAnIdleLink() {
        var window = BucketWindow()
        for _ in 0..<10 { window.note(ended: 4, travelling: 2, isHoldingBack: false) }
        for _ in 0..<10 { window.note(ended: 0, travelling: 0, isHoldingBack: true) }
        #expect(window.limit == BucketWindow.least)
    }

    // Guards: the messages of a bucket are as large as TCP sends at once, in either format, until a bucket has 1 MiB.
    @Test(arguments: [2, 3, 16, 17, 18, 1024], [GradientCompression.single, .bf16])
    func messagesAreSentAtOnce(ranks: Int, compression: GradientCompression) {
        let bytes = GradientExchange.bucketByteCount(ranks: ranks, compression: compression)
        let message = bytes / ranks * compression.byteCount / 4
        #expect(message <= 60 * 1024)
        #expect(bytes == 1 << 20 || message == 60 * 1024)
    }
}
