using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Tests.Streams;

public sealed class OriginsTests
{
    [Fact]
    public void A_record_that_is_written_again_is_a_copy_and_the_next_one_is_not()
    {
        var origins = new Origins([]);
        Answers(origins, "a@1", "a@3", "a@1", "a@3", "a@4").ShouldBe([false, false, true, true, false]);
    }

    [Fact]
    public void Origins_do_not_disturb_each_other_and_survive_a_checkpoint()
    {
        var origins = new Origins([]);
        Answers(origins, "a@9", "b@1").ShouldBe([false, false]);
        Answers(new Origins(origins.Snapshot()), "a@9", "b@1", "b@2").ShouldBe([true, true, false]);
    }

    [Fact]
    public void A_record_without_an_origin_is_never_a_copy()
    {
        var origins = new Origins([]);
        Answers(origins, "", "", "nonsense", "nonsense", "@5", "@5").ShouldAllBe(isCopy => !isCopy);
    }

    [Fact]
    public void Only_the_origins_heard_of_last_are_remembered_so_that_a_checkpoint_stays_small()
    {
        var origins = new Origins([]);
        Answers(origins, "ours@7");
        for (var i = 0; i < 20_000; i++)
        {
            Answers(origins, $"order-{i}@1");
            if (i % 500 == 0) Answers(origins, "ours@7").ShouldBe([true], "what is heard of again and again stays");
        }
        origins.Snapshot().Count.ShouldBe(Origins.Most);
        Answers(new Origins(origins.Snapshot()), "ours@7", "order-19999@1", "order-0@1").ShouldBe([true, true, false]);
        Answers(origins, new string('x', 1_100) + "@1", new string('x', 1_100) + "@1").ShouldBe([false, false], "no name of ours is so long");
    }

    [Fact]
    public void An_id_says_origin_and_offset() => Origins.IdOf("night.filter:alerts/3", 17).ShouldBe("night.filter:alerts/3@17");

    private static List<bool> Answers(Origins origins, params string[] ids) =>
        [.. ids.Select(id =>
            origins.IsCopy(new StreamRecord { Value = default, Headers = id.Length == 0 ? [] : [RecordHeader.Of(RecordHeaderNames.DedupeId, id)] }))];
}
