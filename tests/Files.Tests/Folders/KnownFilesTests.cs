using Conductor.Files.Folders;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Files.Tests.Folders;

public class KnownFilesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_file_that_was_read_and_has_been_away_for_more_than_a_day_is_forgotten()
    {
        var known = new KnownFiles(_time);
        for (var i = 0; i < 4; i++) known.Add($"{i}.avro", i);
        for (var hour = 0; hour < 26; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            known.Sees("1.avro").ShouldBeTrue("it is still in the folder");
            known.Forget(below: 3);
        }

        known.Count.ShouldBe(2);
        known.Sees("0.avro").ShouldBeFalse();
        known.Sees("3.avro").ShouldBeTrue("it has not been read");
    }

    [Fact]
    public void A_file_that_is_away_for_less_is_not()
    {
        var known = new KnownFiles(_time);
        known.Add("a.avro", 0);
        _time.Advance(TimeSpan.FromHours(23));
        known.Forget(below: 1);
        known.Sees("a.avro").ShouldBeTrue();
        var again = new KnownFiles(_time);
        foreach (var digest in known.Digests(below: 1)) again.AddRead(digest);
        again.Sees("a.avro").ShouldBeTrue();
        again.Sees("b.avro").ShouldBeFalse();
    }
}
