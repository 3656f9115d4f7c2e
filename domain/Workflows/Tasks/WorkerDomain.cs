using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>Which group of workers a task is for, and the queue on which it waits for them.</summary>
public static class WorkerDomain
{
    private const string NoDomain = "NO_DOMAIN";

    /// <summary>The queue of a type in a domain, if it has one: <c>type</c> or <c>domain:type</c>, as in Conductor.</summary>
    public static string QueueOf(string taskType, string? domain) => string.IsNullOrEmpty(domain) ? taskType : $"{domain}:{taskType}";

    /// <summary>The type's own entry goes before <c>*</c>. Of several, the first that is polled; else the last.</summary>
    internal static string? Of(WorkflowInstance workflow, string taskType, Func<string, string, bool>? isPolled)
    {
        var map = workflow.TaskToDomain;
        if (map.IsEmpty || !(map.TryGetValue(taskType, out var list) || map.TryGetValue("*", out list)) || string.IsNullOrWhiteSpace(list)) return null;
        var domains = list.Split(',', StringSplitOptions.TrimEntries);
        if (isPolled is not null && Array.Find(domains, domain => !IsNone(domain) && isPolled(taskType, domain)) is { } active) return active;
        return IsNone(domains[^1]) ? null : domains[^1];
    }

    private static bool IsNone(string domain) => domain.Equals(NoDomain, StringComparison.OrdinalIgnoreCase);
}
