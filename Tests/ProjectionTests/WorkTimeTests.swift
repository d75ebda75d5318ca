import Projection
import Testing

@Suite("The fitted time of a rank's share")
struct WorkTimeTests {
    private static let shares = [1, 2, 4, 8, 16, 32, 64].flatMap { images in
        [RankShare(images: images, granules: 1), RankShare(images: images, granules: min(images, 16))]
    }

    private static func measured(_ time: WorkTime, _ noise: (Int) -> Double = { _ in 1 }) -> [TimedWork] {
        shares.enumerated().map { TimedWork(share: $1, seconds: time.seconds($1) * noise($0)) }
    }

    // Guards: exact times give back their parts, those that are zero among them.
    @Test(arguments: [(3e-3, 2e-3, 7e-4), (0, 2e-3, 7e-4), (3e-3, 0, 0), (0, 1e-3, 0), (1e-4, 0, 2e-4)])
    func exactTimes(fixed: Double, image: Double, granule: Double) throws {
        let time = WorkTime(fixed: fixed, image: image, granule: granule)
        let fitted = try WorkTime(fitting: Self.measured(time))
        for (part, expected) in [(fitted.fixed, fixed), (fitted.image, image), (fitted.granule, granule)] {
            #expect(part >= 0 && abs(part - expected) < 1e-9 * max(expected, 1e-3))
        }
    }

    // Guards: noise of two percent and one measurement that was interrupted for ten times its time leave every share
    // predicted to within five percent.
    @Test(arguments: [0, 6, 13])
    func outlier(place: Int) throws {
        let time = WorkTime(fixed: 3e-3, image: 2e-3, granule: 7e-4)
        let noise = [0.02, -0.02, 0.01, -0.01, 0]
        let fitted = try WorkTime(fitting: Self.measured(time) { ($0 == place ? 10 : 1) * (1 + noise[$0 % 5]) })
        for share in Self.shares { #expect(abs(fitted.seconds(share) / time.seconds(share) - 1) < 0.05) }
    }

    // Guards: where every share has one granule, what it costs counts as fixed or as nothing, and shares like those
    // measured are still predicted.
    @Test func granulesThatDoNotVary() throws {
        let time = WorkTime(fixed: 3e-3, image: 2e-3, granule: 7e-4)
        let some = Self.measured(time).filter { $0.share.granules == 1 }
        let fitted = try WorkTime(fitting: some)
        for one in some { #expect(abs(fitted.seconds(one.share) / one.seconds - 1) < 1e-9) }
    }

    // Guards: what nothing can be fitted to is said, not computed.
    @Test func degenerateMeasurements() {
        let share = RankShare(images: 4, granules: 1)
        let one = TimedWork(share: share, seconds: 1)
        let other = TimedWork(share: RankShare(images: 8, granules: 1), seconds: 0)
        for measured in [[], [one], [one, one], [one, other]] {
            #expect(throws: ProjectionError.self) { try WorkTime(fitting: measured) }
        }
    }
}
