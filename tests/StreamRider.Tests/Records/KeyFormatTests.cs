using Conductor.StreamRider.Records;
using MassTransit;

namespace Conductor.StreamRider.Tests.Records;

public sealed class KeyFormatTests
{
    private static readonly Guid Id = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");

    [Fact]
    public void Text_and_numbers_are_as_Kafkas_serializers_write_them_and_other_types_are_JSON()
    {
        KeyFormat.Write("ä").ShouldBe([0xc3, 0xa4]);
        KeyFormat.Write(1).ShouldBe([0, 0, 0, 1]);
        KeyFormat.Write(1L << 32).ShouldBe([0, 0, 0, 1, 0, 0, 0, 0]);
        KeyFormat.Write(1.0).ShouldBe([0x3f, 0xf0, 0, 0, 0, 0, 0, 0]);
        KeyFormat.Write(1.0f).ShouldBe([0x3f, 0x80, 0, 0]);
        KeyFormat.Write<byte[]>([1, 2]).ShouldBe([1, 2]);
        KeyFormat.Write(Id).ShouldBe("\"6f9619ff-8b86-d011-b42d-00c04fc964ff\""u8.ToArray());
        KeyFormat.Write<string?>(null).ShouldBeNull();
        KeyFormat.Write<Ignore?>(null).ShouldBeNull();
    }

    [Fact]
    public void What_was_written_is_read()
    {
        Back("ä").ShouldBe("ä");
        Back(-5).ShouldBe(-5);
        Back(-5L).ShouldBe(-5L);
        Back(0.1).ShouldBe(0.1);
        Back(0.1f).ShouldBe(0.1f);
        Back<byte[]>([1, 2]).ShouldBe([1, 2]);
        Back(Id).ShouldBe(Id);
        KeyFormat.Read<string>(default).ShouldBeNull();
        KeyFormat.Read<int>(default).ShouldBe(0);
    }

    [Fact]
    public void A_key_of_another_type_is_a_precise_error()
    {
        Should.Throw<FormatException>(() => KeyFormat.Read<long>("abc"u8.ToArray())).Message.ShouldBe("the key of the record (3 bytes) is not a Int64");
        Should.Throw<FormatException>(() => KeyFormat.Read<Guid>("abc"u8.ToArray())).Message.ShouldBe("the key of the record (3 bytes) is not a Guid");
    }

    private static TKey? Back<TKey>(TKey key) => KeyFormat.Read<TKey>(KeyFormat.Write(key));
}
