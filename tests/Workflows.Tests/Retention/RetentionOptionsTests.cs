using Conductor.Workflows.Retention;
using Microsoft.Extensions.Configuration;

namespace Conductor.Workflows.Tests.Retention;

public sealed class RetentionOptionsTests
{
    [Fact]
    public void Without_settings_executions_stay_a_month_and_go_to_a_folder_of_the_service()
    {
        var options = Read();
        (options.Enabled, options.Period, options.BatchSize, options.Folder).ShouldBe((true, TimeSpan.FromDays(30), 200, "/srv/archive"));
        (options.PollData.Period, options.Inbox.Enabled).ShouldBe((TimeSpan.FromDays(7), true));
    }

    [Fact]
    public void Each_setting_counts_and_the_others_keep_their_defaults()
    {
        var options = Read(("Retention:Period", "2.00:00:00"), ("Retention:Folder", "../other"), ("Retention:PollData:Enabled", "false"));
        (options.Period, options.Folder).ShouldBe((TimeSpan.FromDays(2), "/other"));
        options.PollData.ShouldBe(new OldRowsOptions { Enabled = false, Period = TimeSpan.FromDays(7) });
        Read(("Retention:Folder", "")).Folder.ShouldBe("");
    }

    [Theory]
    [InlineData("Retention:BatchSize", "0")]
    [InlineData("Retention:Every", "00:00:00")]
    [InlineData("Retention:Period", "-00:00:01")]
    [InlineData("Retention:Pause", "-00:00:01")]
    [InlineData("Retention:PollData:Period", "-00:00:01")]
    public void A_setting_out_of_its_range_is_refused_by_its_name(string setting, string value) =>
        Should.Throw<InvalidOperationException>(() => Read((setting, value))).Message.ShouldStartWith(setting);

    private static RetentionOptions Read(params (string Key, string Value)[] settings) => RetentionOptions.Of(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build(), "/srv");
}
