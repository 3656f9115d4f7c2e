using System.Text;
using Conductor.Pipelines.Topics;

namespace Conductor.Pipelines.Tests.Topics;

public sealed class PreviewTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":\t1,\r\n\"b\":\"grüße 日本 😀\"}")]
    public void Text_is_shown_as_it_is(string text) => Of(text).ShouldBe(new Preview(text, IsBase64: false, IsCut: false));

    [Fact]
    public void Long_text_is_cut_between_two_characters()
    {
        Of(new string('x', 2_048)).ShouldBe(new Preview(new string('x', 2_048), IsBase64: false, IsCut: false));
        Of(new string('x', 2_047) + "é").ShouldBe(new Preview(new string('x', 2_047), IsBase64: false, IsCut: true));
        Of(new string('x', 2_046) + "😀" + new string('\0', 9)).ShouldBe(new Preview(new string('x', 2_046), IsBase64: false, IsCut: true));
    }

    [Fact]
    public void Anything_else_is_the_base64_of_its_beginning()
    {
        Preview.Of([0xff, 0x00]).ShouldBe(new Preview("/wA=", IsBase64: true, IsCut: false));
        Preview.Of([0xc3]).ShouldBe(new Preview("ww==", IsBase64: true, IsCut: false));
        var packet = Enumerable.Range(0, 1_000).Select(i => (byte)i).ToArray();
        Preview.Of(packet).ShouldBe(new Preview(Convert.ToBase64String(packet.AsSpan(0, 256)), IsBase64: true, IsCut: true));
    }

    [Fact]
    public void What_happens_to_be_UTF8_but_holds_control_characters_is_no_text() => Of("\0\0\0\u0001Frege").IsBase64.ShouldBeTrue();

    private static Preview Of(string text) => Preview.Of(Encoding.UTF8.GetBytes(text));
}
