using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Tests.Composition;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Only_one_run_has_the_folder_and_the_next_may_have_it_afterwards()
    {
        using (var data = new DataFolder(_folder.Path))
        {
            data.Take();
            Should.Throw<DistributedApplicationException>(() => new DataFolder(_folder.Path).Take()).Message.ShouldContain("Another run uses " + _folder.Path);
        }
        using var next = new DataFolder(_folder.Path);
        next.Take();
        File.Exists(Path.Combine(_folder.Path, "lock")).ShouldBeTrue();
        next.Release();
        File.Exists(Path.Combine(_folder.Path, "lock")).ShouldBeFalse();
    }

    [Fact]
    public void An_orderly_end_takes_the_record_of_processes_with_it_and_another_end_does_not()
    {
        var data = new DataFolder(_folder.Path);
        data.Take();
        File.WriteAllText(data.Processes, "record");
        data.Release();
        data.Dispose();
        File.Exists(data.Processes).ShouldBeTrue();
        data.Take();
        data.Dispose();
        File.Exists(data.Processes).ShouldBeFalse();
    }

    [Fact]
    public void A_secret_is_made_once_and_readable_by_its_owner_alone()
    {
        var made = new DataFolder(_folder.Path).Secret("secrets/token");
        made.Length.ShouldBeGreaterThanOrEqualTo(32);
        new DataFolder(_folder.Path).Secret("secrets/token").ShouldBe(made);
        File.GetUnixFileMode(Path.Combine(_folder.Path, "secrets", "token")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _folder.Dispose();
}
