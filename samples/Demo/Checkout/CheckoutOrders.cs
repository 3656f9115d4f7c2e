namespace Conductor.Demo.Checkout;

/// <summary>Orders that follow from their number, so that every run shows the same ones: most are paid, some are declined, one needs a second try.</summary>
internal static class CheckoutOrders
{
    private static readonly string[] Customers = ["Ada", "Björn", "Chloé", "Dimitra", "Emre", "Fatou", "Giulia"];
    private static readonly (string Sku, decimal Price)[] Goods = [("lamp", 24.90m), ("shade", 12.50m), ("chair", 89m), ("table", 219m), ("bulb", 3.25m)];

    public static object Next(int number)
    {
        // 19.99: the bank answers only at the second attempt.
        if (number % 7 == 6) return Order(number, [new { sku = "rug", quantity = 1, price = 19.99m }]);
        var lines = Enumerable.Range(0, 1 + (number % 3)).Select(i =>
        {
            var (sku, price) = Goods[(number + (2 * i)) % Goods.Length];
            return (object)new { sku, quantity = 1 + ((number + i) % 2), price };
        });
        return Order(number, lines);
    }

    private static object Order(int number, IEnumerable<object> lines)
    {
        var customer = Customers[number % Customers.Length];
        return new { customer, address = $"{1 + (number % 40)} Harbour Street", lines = lines.ToArray() };
    }
}
