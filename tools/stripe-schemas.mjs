// `npm run generate:stripe-schemas` writes what Stripe takes, as the installed SDK's own types tell it, for the Stripe
// stand-in: a JSON Schema of the parameters of each request, and the fields every answered object must have.
// The SDK's enums are open (`'a' | 'b' | OtherString`); a request may only say what is listed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import ts from 'typescript';

const REQUESTS = {
  'GET /v1/charges': 'ChargeListParams',
  'GET /v1/charges/:id': 'ChargeRetrieveParams',
  'POST /v1/checkout/sessions': 'Checkout.SessionCreateParams',
  'GET /v1/checkout/sessions': 'Checkout.SessionListParams',
  'GET /v1/checkout/sessions/:id': 'Checkout.SessionRetrieveParams',
  'POST /v1/checkout/sessions/:id/expire': 'Checkout.SessionExpireParams',
  'POST /v1/billing_portal/sessions': 'BillingPortal.SessionCreateParams',
  'POST /v1/customers': 'CustomerCreateParams',
  'GET /v1/customers/:id': 'CustomerRetrieveParams',
  'POST /v1/customers/:id': 'CustomerUpdateParams',
  'DELETE /v1/customers/:id': 'CustomerDeleteParams',
  'GET /v1/customers/:id/payment_methods': 'CustomerListPaymentMethodsParams',
  'GET /v1/events': 'EventListParams',
  'GET /v1/events/:id': 'EventRetrieveParams',
  'POST /v1/payment_intents': 'PaymentIntentCreateParams',
  'GET /v1/payment_intents': 'PaymentIntentListParams',
  'GET /v1/payment_intents/:id': 'PaymentIntentRetrieveParams',
  'POST /v1/payment_intents/:id/confirm': 'PaymentIntentConfirmParams',
  'POST /v1/payment_intents/:id/cancel': 'PaymentIntentCancelParams',
  'GET /v1/payment_methods': 'PaymentMethodListParams',
  'GET /v1/payment_methods/:id': 'PaymentMethodRetrieveParams',
  'POST /v1/payment_methods/:id/attach': 'PaymentMethodAttachParams',
  'POST /v1/payment_methods/:id/detach': 'PaymentMethodDetachParams',
  'POST /v1/refunds': 'RefundCreateParams',
  'GET /v1/refunds': 'RefundListParams',
  'GET /v1/refunds/:id': 'RefundRetrieveParams',
};
const OBJECTS = {
  'billing_portal.session': 'BillingPortal.Session',
  charge: 'Charge',
  'checkout.session': 'Checkout.Session',
  customer: 'Customer',
  event: 'EventBase',
  payment_intent: 'PaymentIntent',
  payment_method: 'PaymentMethod',
  refund: 'Refund',
};
const NOTHING = ts.TypeFlags.Undefined | ts.TypeFlags.Null;
const OUT = new URL('../libs/stand-ins/src/stripe/schema/', import.meta.url);

const { checker, typeOf } = openSdk();
const { schemas, definitions } = shareRepeated(
  Object.fromEntries(Object.entries(REQUESTS).map(([route, type]) => [route, schemaOf(typeOf(type))])),
);
await write('requests.json', { sdk: sdkVersion(), definitions, requests: schemas });
await write(
  'answered-fields.json',
  Object.fromEntries(Object.entries(OBJECTS).map(([name, type]) => [name, requiredOf(typeOf(type))])),
);

function schemaOf(type) {
  if (type.isUnion()) {
    // `Emptyable` is `null | '' | T`, and text swallows the '': what may be null may be sent empty, to unset it.
    const emptyable = type.types.some(({ flags }) => flags & ts.TypeFlags.Null);
    return unionOf(
      type.types.filter(({ flags }) => !(flags & NOTHING)),
      emptyable,
    );
  }
  if (type.isStringLiteral() || type.isNumberLiteral()) return { enum: [type.value] };
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
  if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
  if (type.flags & ts.TypeFlags.StringLike || isOtherString(type)) return { type: 'string', minLength: 1 };
  // Decimals travel as text.
  if (checker.typeToString(type) === 'Decimal') return { type: 'string', minLength: 1 };
  if (checker.isArrayType(type)) return { type: 'array', items: schemaOf(checker.getTypeArguments(type)[0]) };
  return objectOf(type);
}

function unionOf(types, emptyable) {
  const literals = types.filter((type) => type.isStringLiteral() || type.isNumberLiteral());
  const open = literals.length > 1 || types.some(isOtherString);
  const others = types.filter((type) => !literals.includes(type) && !(open && isOtherString(type)));
  const parts = others.map((type) =>
    JSON.stringify(emptyable && type.flags & ts.TypeFlags.StringLike ? { type: 'string' } : schemaOf(type)),
  );
  const any = [...(literals.length ? [{ enum: literals.map(({ value }) => value) }] : []), ...new Set(parts)].map(
    (part) => (typeof part === 'string' ? JSON.parse(part) : part),
  );
  return any.length === 1 ? any[0] : { anyOf: any };
}

function objectOf(type) {
  const named = checker.getPropertiesOfType(type);
  const index = type.getStringIndexType();
  const required = requiredOf(type);
  return {
    type: 'object',
    ...(named.length
      ? { properties: Object.fromEntries(named.map((each) => [each.name, schemaOf(checker.getTypeOfSymbol(each))])) }
      : {}),
    ...(required.length ? { required } : {}),
    additionalProperties: index ? schemaOf(index) : false,
  };
}

function requiredOf(type) {
  return checker
    .getPropertiesOfType(type)
    .filter(({ flags }) => !(flags & ts.SymbolFlags.Optional))
    .map(({ name }) => name);
}

/** Objects and enums of more than a few words that occur more than once are written once. */
function shareRepeated(all) {
  const [seen, names] = [new Map(), new Map()];
  const count = (node) => {
    if (typeof node !== 'object' || node === null) return;
    const text = JSON.stringify(node);
    if ((node.type === 'object' || node.enum) && text.length > 120) seen.set(text, (seen.get(text) ?? 0) + 1);
    if (seen.get(text) !== 2) Object.values(node).forEach(count);
  };
  count(all);
  const definitions = {};
  const share = (node) => {
    if (typeof node !== 'object' || node === null) return node;
    const text = JSON.stringify(node);
    if ((seen.get(text) ?? 0) < 2) return inside(node);
    if (!names.has(text)) {
      names.set(text, `shared${names.size + 1}`);
      definitions[names.get(text)] = inside(node);
    }
    return { $ref: `#/definitions/${names.get(text)}` };
  };
  const inside = (node) =>
    Array.isArray(node)
      ? node.map(share)
      : Object.fromEntries(Object.entries(node).map(([key, each]) => [key, share(each)]));
  return { schemas: share(all), definitions };
}

function openSdk() {
  const file = fileURLToPath(new URL('../stripe-requests.ts', OUT));
  const types = [...Object.values(REQUESTS), ...Object.values(OBJECTS)];
  const text = `import type { Stripe } from 'stripe';\n${types.map((type, at) => `export type T${at} = Stripe.${type};`).join('\n')}`;
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, text, {
          languageVersion: ts.ScriptTarget.ES2022,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        })
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], { ...options, noEmit: true, types: [], skipLibCheck: true }, host);
  const source = program.getSourceFile(file);
  const problems = program.getSemanticDiagnostics(source).map(({ messageText }) => messageText);
  if (problems.length) throw new Error(JSON.stringify(problems));
  const checker = program.getTypeChecker();
  const aliases = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
  return { checker, typeOf: (name) => checker.getDeclaredTypeOfSymbol(aliases[types.indexOf(name)]) };
}

function isOtherString(type) {
  return type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.String);
}

function sdkVersion() {
  const home = new URL('../libs/billing/data-access/package.json', import.meta.url);
  return JSON.parse(readFileSync(home, 'utf8')).dependencies.stripe;
}

async function write(name, value) {
  const file = fileURLToPath(new URL(name, OUT));
  const style = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(JSON.stringify(value), { ...style, filepath: file }));
}
