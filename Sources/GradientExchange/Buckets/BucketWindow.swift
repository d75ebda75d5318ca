/// How many buckets may be on their way at once.
///
/// What was handed to the transport cannot be overtaken: a small sum that ranks wait for would stand behind all the
/// gradients that were sent before it. So only as many buckets travel as keep the link busy from one look at it to the
/// next. That number is found by trying: one more whenever all that travelled had arrived while others were held back,
/// one less when as many operations as may travel have ended since without that.
package struct BucketWindow {
    /// So many buckets may always travel: while one is added up, the next is on its way.
    package static let least = 2

    /// The buckets that may travel now.
    package private(set) var limit = least
    private var endedSinceChange = 0

    /// A window for the first step.
    package init() {}

    /// Notes a look at the transport: `ended` operations of `travelling` buckets had ended.
    package mutating func note(ended: Int, travelling: Int, isHoldingBack: Bool) {
        guard isHoldingBack, travelling > 0 else { return }
        endedSinceChange += ended
        if ended >= travelling {
            (limit, endedSinceChange) = (limit + 1, 0)
        } else if endedSinceChange >= limit {
            (limit, endedSinceChange) = (max(Self.least, limit - 1), 0)
        }
    }
}
