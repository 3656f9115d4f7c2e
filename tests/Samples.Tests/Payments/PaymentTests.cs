using Conductor.Payments;
using Conductor.Worker;
using Conductor.Worker.Execution;

namespace Conductor.Samples.Tests.Payments;

public sealed class PaymentTests
{
    [Fact]
    public void An_amount_within_the_limit_is_charged()
    {
        var payment = Charge(400m);
        payment.Approved.ShouldBeTrue();
        payment.PaymentId.ShouldBe("P-01234567");
    }

    [Fact]
    public void A_larger_amount_is_declined_with_the_reason()
    {
        var payment = Charge(400.01m);
        payment.Approved.ShouldBeFalse();
        payment.Reason.ShouldBe("400.01 is above the card's limit of 400");
    }

    [Fact]
    public void The_bank_that_does_not_answer_at_first_answers_the_second_time()
    {
        Should.Throw<TaskFailedException>(() => Charge(19.99m)).IsTerminal.ShouldBeFalse();
        Charge(19.99m, attempt: 1).Approved.ShouldBeTrue();
    }

    private static Payment Charge(decimal amount, int attempt = 0) => new PaymentTasks().Charge(
        new ChargePayment("O-1", amount),
        new TaskContext(new Assignment { WorkflowId = "0123456789", TaskId = "t", TaskType = "payment_charge", Attempt = attempt }));
}
