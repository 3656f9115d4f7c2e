using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Components;

namespace Conductor.Console.Topics;

/// <summary>Which records of a topic are kept, in words.</summary>
internal static class Kept
{
    public static string Of(Topic topic) => (topic.Compacted, topic.Retention) switch
    {
        (false, { } age) => $"for {Spans.Duration(age)}",
        (true, { } age) => $"the newest of each key, for {Spans.Duration(age)}",
        (true, null) => "the newest of each key",
        (false, null) => topic.MaxBytes is null ? "for ever" : "as long as there is room",
    };
}
