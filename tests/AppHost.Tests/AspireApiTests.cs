namespace Conductor.AppHost.Tests;

/// <summary>The namespaces of Aspire hold only what Aspire has. The approved list was compared with the published API of Aspire.Hosting 13.</summary>
public sealed class AspireApiTests
{
    [Fact]
    public void The_Aspire_namespaces_hold_only_approved_names()
    {
        var approved = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "AspireApi.approved.txt")).Where(l => l.Length > 0).ToHashSet(StringComparer.Ordinal);
        var actual = AspireApi.Describe().ToList();
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "AspireApi.received.txt"), actual);
        actual.Where(l => !approved.Contains(l)).ShouldBeEmpty("these are not in the approved list");
        approved.Except(actual, StringComparer.Ordinal).ShouldBeEmpty("these are approved but gone");
        actual.Count.ShouldBeGreaterThan(150);
    }
}
