import Alerts
import Expectations
import Pipeline
import Tables

/// What can be wrong with a pipeline, each an alert of its own.
enum PipelineTrouble: String, CaseIterable {
    case held, ended, waiting, setAside = "set-aside", imbalanced

    var severity: Severity { self == .setAside ? .warning : .critical }

    func signal(_ news: AlertSignal.News, _ sentence: String) -> AlertSignal {
        AlertSignal(key: rawValue, news: news, type: "pipeline", severity: severity, sentence: sentence)
    }

    // MARK: In words

    static func held(_ batch: Int, _ reason: String) -> String {
        "Batch \(batch) is held, and nothing behind it is read: \(reason)"
    }

    static func waiting(_ since: Int64, _ reason: String) -> String {
        "The pipeline waits since \(CivilTime.format(microseconds: since)): \(reason)"
    }

    static func setAside(_ file: String, _ reason: String) -> String {
        "\(file) could not be read, and was set aside: \(reason)"
    }
}

extension PipelineOverview {
    /// What a state says of batches, files and counts, be it good or bad.
    var signals: [AlertSignal] { [batchSignal, asideSignal, balanceSignal] }

    private var batchSignal: AlertSignal {
        guard let open, open.state == "held" else {
            return PipelineTrouble.held.signal(.succeeding, "No batch is held.")
        }
        return PipelineTrouble.held.signal(.failing, PipelineTrouble.held(open.number, open.reason ?? ""))
    }

    var asideSignal: AlertSignal {
        guard let first = setAside.first else {
            return PipelineTrouble.setAside.signal(.succeeding, "No file is set aside.")
        }
        let others = setAsideCount > 1 ? "; so were \(setAsideCount - 1) more" : ""
        return PipelineTrouble.setAside.signal(.failing, PipelineTrouble.setAside(first.file, first.reason) + others)
    }

    var balanceSignal: AlertSignal {
        guard !imbalanced.isEmpty else {
            return PipelineTrouble.imbalanced.signal(.succeeding, "The records of all batches add up.")
        }
        let numbers = imbalanced.prefix(10).map { String($0) }.joined(separator: ", ")
        return PipelineTrouble.imbalanced.signal(.failing, "The records of these batches don't add up: \(numbers)")
    }
}
