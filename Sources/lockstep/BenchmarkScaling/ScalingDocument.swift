import Foundation
import Measurements
import Reports
import Training

/// The results of scaling as the text of each file.
package struct ScalingDocument {
    let report: ScalingReport
    let setting: ScalingSetting

    /// A document.
    package init(report: ScalingReport, setting: ScalingSetting) {
        self.report = report
        self.setting = setting
    }

    /// One line of names and one for each point.
    package var csv: String {
        var names = [
            "mode", "layout", "ranks", "threads", "cores", "global_batch", "rounds", "images_per_second", "minimum",
            "maximum", "efficiency",
        ]
        names += StepPhase.allCases.map(\.rawValue)
        names += ["shares_cores", "warning"]
        let rows = report.results.map(Self.fields)
        return ([names] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    /// Everything, every single measurement included.
    package var json: String { JSONText.text(ScalingContent(report, setting), .page) + "\n" }

    private static func fields(_ result: ScalingResult) -> [String] {
        let run = result.point.run
        var fields = [
            result.point.mode.rawValue, "\(run.layout)", "\(run.layout.ranks)", "\(run.layout.threads)",
            "\(run.layout.cores)", "\(run.globalBatch)", "\(result.rates.count)", "\(result.median)",
            "\(result.spread.lowerBound)", "\(result.spread.upperBound)",
        ]
        fields.append(result.efficiency.map { "\($0)" } ?? "")
        fields += StepPhase.allCases.map { "\(result.account[$0])" }
        fields += ["\(result.warning != nil)", field(result.warning ?? "")]
        return fields
    }

    private static func field(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) } ? "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" : text
    }
}

/// What the JSON file holds.
private struct ScalingContent: Encodable {
    struct Versions: Encodable {
        let lockstep: String
        let launcher: String
    }

    /// A run, and where its step went.
    struct Run: InlineEncodable {
        let layout: String
        let ranks: Int
        let threads: Int
        let cores: Int
        let globalBatch: Int
        let account: StepAccount
        let sharesCores: Bool
        let warning: String?

        init(_ run: ScalingRun, _ account: StepAccount, warning: String?) {
            layout = "\(run.layout)"
            (ranks, threads, cores) = (run.layout.ranks, run.layout.threads, run.layout.cores)
            (globalBatch, self.account) = (run.globalBatch, account)
            (sharesCores, self.warning) = (warning != nil, warning)
        }
    }

    struct Point: Encodable {
        let mode: ScalingMode
        let run: Run
        let imagesPerSecond: Double
        let minimum: Double
        let maximum: Double
        let efficiency: Double?
        let rates: [Double]
    }

    struct Measurement: Encodable {
        let round: Int
        let run: Run
        let imagesPerSecond: Double
    }

    let machine: Machine
    let versions: Versions
    let command: String
    let date: String
    let settings: [String: String]
    let rounds: Int
    let points: [Point]
    let measurements: [Measurement]

    init(_ report: ScalingReport, _ setting: ScalingSetting) {
        machine = setting.machine
        versions = Versions(lockstep: setting.program, launcher: setting.launcher)
        (command, date, settings, rounds) = (setting.command, setting.date, setting.options, setting.rounds)
        points = report.results.map {
            Point(
                mode: $0.point.mode, run: Run($0.point.run, $0.account, warning: $0.warning),
                imagesPerSecond: $0.median, minimum: $0.spread.lowerBound, maximum: $0.spread.upperBound,
                efficiency: $0.efficiency, rates: $0.rates)
        }
        measurements = report.samples.map {
            Measurement(
                round: $0.round, run: Run($0.run, $0.account, warning: $0.warning), imagesPerSecond: $0.imagesPerSecond)
        }
    }
}
