import { signIn } from '../../src/azure/sign-in';

/** Signs in with whatever sign-in this process finds, and prints who that is, or why nobody is, as JSON. */
async function main(input: { readonly tenantId: string; readonly subscriptionId: string }): Promise<void> {
  const show = () => {
    throw new Error('A code was asked for.');
  };
  const signedIn = await signIn({ ...input, existing: true, show });
  const said = 'refused' in signedIn ? signedIn : { name: signedIn.operator.name };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
