/** Given name: its short, pet and variant forms. Own collection of everyday usage; all in folded (ASCII, lower-case) form. */
const table = `
abigail: abby abbie gail abi; abraham: abe bram; adam: ade; adrian: ade; agnieszka: aga; alan: al allan allen; albert: al bert bertie;
aleksandra: ola; alejandro: ale alex; alexander: alex sasha sascha al alec alek sandy xander lex aleksandr alexandr alexandre; alexandra:
alex sasha lexi sandra sandy alexa; alexis: alex lexi; alfred: al alf alfie fred; alice: ali allie; alison: ali allison; amanda: mandy;
amelia: millie; anastasia: nastya stacy; andrew: andy drew andrei andrey andre; andrea: andie; angela: angie; ann: anne annie nan; anna:
anya annie ania; anthony: tony ant antony; antonio: tony toni; anton: toni; arthur: art artie; ashley: ash; augustus: gus; barbara: barb
babs barbie basia; bartholomew: bart; bartosz: bartek; beatrice: bea trixie; beatriz: bea; benjamin: ben benny benji; bernard: bernie;
beverly: bev; bradley: brad; brandon: brand; brian: bryan; brittany: britt; calvin: cal; cameron: cam; carl: karl; carol: carole;
caroline: carrie caro carolyn; cassandra: cassie cass sandra; cecilia: cece; charles: charlie chuck chas chaz charley; charlotte: charlie
lottie lotte; cheryl: sherry; christian: chris kristian; christina: chris tina christie kristina; christine: chris tina chrissy kristine;
christopher: chris kit topher christoph christophe kristofer; claudia: claud; clifford: cliff; clinton: clint; constance: connie;
cornelius: neil; curtis: curt; cynthia: cindy; daniel: dan danny; danielle: dani; david: dave davey; deborah: debbie deb debra debby;
denise: denny; dennis: denny den; diana: di; diane: di; dmitri: dima dmitry dmitriy mitya; dolores: lola; dominic: dom nick dominik;
donald: don donny; donna: don; dorothy: dot dottie dolly; douglas: doug; duncan: dunc; dwight: ike; ebenezer: eben; edgar: ed; edmund: ed
eddie ted; edward: ed eddie ted teddy ned; edwin: ed eddie; eduardo: edu lalo; ekaterina: katya yekaterina; eleanor: ellie nell nora elle;
elena: lena; elias: eli; elijah: eli; elisabeth: lisa liesl elsbeth; elizabeth: liz beth betty eliza lizzie libby betsy bess bette lisa elisabeth elsie
lisbeth; ellen: ellie; emily: em emmy emilie; emma: em; emmanuel: manny manu; enrique: kike; eric: erik rick erich; ernest: ernie; esther:
essie; eugene: gene; evelyn: evie eve; evgeny: zhenya yevgeny evgeni; fernando: nando; florence: flo florrie; frances: fran frannie
francie; francesca: fran cesca franca; francesco: franco checco; francis: frank fran; francisco: paco pancho fran cisco; franklin: frank;
frederick: fred freddie freddy rick frederic fredrik; friedrich: fritz fred; gabriel: gabe gabi; gabriela: gabi gaby; gabrielle: gabby
elle; garrett: gary; geoffrey: geoff jeff; george: georgie geo; georgina: gina georgie; gerald: gerry jerry; gerard: gerry jerry ged;
gerhard: gerd; gilbert: gil bert; giovanni: gianni vanni; giuseppe: beppe peppe; gloria: glo; grace: gracie; gregory: greg gregg gregor;
guillermo: memo; gustav: gus; gwendolyn: gwen; hannah: hanna; harold: harry hal; harrison: harry; harriet: hattie; heather: heath;
heinrich: heinz heiner; helen: nell lena helena; henry: harry hank hal; herbert: herb bert; howard: howie; hubert: hugh bert; hugo: hugh;
ian: iain; ignacio: nacho; irene: rene; isaac: ike zac; isabella: bella izzy isabel; isabel: izzy bel isa isabelle; ivan: vanya; jacob:
jake jacoby jakob; jacqueline: jackie jacqui; james: jim jimmy jamie jem; jan: janek; jane: janie jenny; janet: jan; janice: jan; jason:
jay; jean: jeanie; jeffrey: jeff jeffery; jennifer: jen jenny jenn jenna; jeremiah: jerry jem; jeremy: jerry jem; jerome: jerry; jessica:
jess jessie; jesse: jess; joan: joanie; joanna: jo asia joanne; joaquin: quino; johann: hans; johannes: hans hannes jo; john: jack johnny
jon jonny johnnie jock; jonathan: jon jonny nathan johnathan jonathon; jordan: jordy; jorge: coco; jose: pepe; josef: sepp; joseph: joe
joey jo jos; josephine: jo josie; joshua: josh; juan: juanito; judith: judy jude judi; julia: julie jules; julian: jules; juliet: jules;
justin: jus; karen: kaz; katarzyna: kasia; katharina: kathi katja kathrin kate; katherine: kate kathy katie kat kit kay kitty cathy cate cathie kathryn catherine cathryn
katharine kathrin katrina; kathleen: kathy kate katie kath; kelly: kel; kenneth: ken kenny; kevin: kev; kimberly: kim kimmy kimberley;
konstantin: kostya; krzysztof: krzys chris; larissa: lara; lars: lasse; laura: laurie lori; lauren: laurie loz; laurence: larry laurie
lawrence; lawrence: larry laurie; leonard: leo len lenny; leonardo: leo; leslie: les; lewis: lou lew louis; lillian: lily lil lilian;
linda: lin lindy; louis: lou luis louie; louise: lou lulu; lucas: luke luca lukas; lucille: lucy; lucia: lucy; ludwig: lutz; luis: lucho;
madeleine: maddie madeline; madison: maddie; magdalena: lena magda; malcolm: mal; malgorzata: gosia malgosia; manuel: manny manolo;
marcus: marc mark markus; margaret: peggy meg maggie margie marge greta daisy rita madge peg margarita; maria: mia; marilyn: lyn; mark:
marc; marjorie: marge margie; martha: marty; martin: marty; martina: tina; mary: molly polly may mamie; matilda: tilly mattie; matthew:
matt matty mat matthias; maureen: mo; maurice: mo; maximilian: max maxi; maxwell: max; megan: meg; melanie: mel; melissa: mel missy lissa;
melvin: mel; michael: mike mick mickey mikey micky mich michal micheal; michaela: micky; michelle: shelly chelle mich; miguel: miki;
mikhail: misha mike michail; mildred: millie; milton: milt; miriam: mimi; mitchell: mitch; mohammed: mo mohamed mohammad muhammad mohd
muhammed; monica: mona; morris: mo; moses: moe; nadezhda: nadia; nancy: nan; natalia: natasha nat talia nataliya; natalie: nat; nathan:
nate nat; nathaniel: nate nat nathan; nelson: nels; nicholas: nick nicky nico nicolas nikolas klaus niko; nicole: nikki nicky nic;
nikolai: kolya nick; noah: noe; norman: norm; oleksandr: sasha alex; oliver: ollie olly; olivia: liv livvy; olga: olya; oscar: oz; oswald:
oz ozzie; pamela: pam pammy; patricia: pat trish patty patsy tricia patti; patrick: pat paddy patsy padraig; paul: paulie; paula: polly;
pauline: polly; pavel: pasha; penelope: penny; percival: percy; peter: pete petey petr piotr; philip: phil pip phillip philipp; phyllis:
phil; piotr: piotrek; prudence: prue; rachel: rach rae; rafael: rafa; ralph: rafe; raymond: ray; rebecca: becky becca bex; reginald: reg
reggie; reinhard: reiner; ricardo: rick ricky; richard: rick dick rich ricky richie rik; roberta: bobbie robbie; robert: bob rob bobby
robbie bobbie robin bert; roberto: beto; roderick: rod; rodney: rod; rodrigo: rod; roger: rodge; roland: rollo rolly; ronald: ron ronnie;
rosalind: ros roz; rosemary: rose rosie; rose: rosie; roxanne: roxy; rudolf: rudi; rudolph: rudy; rupert: rupe; russell: russ rusty; ruth:
ruthie; samantha: sam sammy; samuel: sam sammy; sandra: sandy; sara: sarah sally; sarah: sally sadie sara; santiago: santi; scott: scotty;
sean: shaun shawn; sebastian: seb bastian sebi basti; sergei: sergey serge seryozha; sharon: shaz; sheila: shelly; shirley: shirl; sidney:
sid sydney; simon: si; solomon: sol; sophia: sophie sofia sonya; sofia: sofi; spencer: spence; stanislaw: staszek; stanley: stan; stefan:
stef steffen; stephanie: steph stephie steffi stefanie; stephen: steve stevie steph steven stephan; steven: steve stevie; stuart: stu
stewart; susan: sue susie suzie suzy susanna suzanne; suzanne: sue suzy; svetlana: sveta lana; sylvia: syl; sylvester: sly; tamara: tammy
toma; tatiana: tanya; teresa: terry tess tessa theresa; terence: terry tel terrence; theodore: ted theo teddy; theresa: terry tess tessa
tracy teresa; thomas: tom tommy thom tomas; tiffany: tiff; timothy: tim timmy; tomasz: tomek tom; tobias: toby tobi; tristan: tris; tyler:
ty; ulrich: uli; ursula: ursi; valentina: val valya; valerie: val; vanessa: nessa; veronica: ronnie vera; victor: vic vik viktor;
victoria: vicky tori vicki vikki; vincent: vince vinny vin; vincenzo: enzo; virginia: ginny gina; vitaly: vitya; vivian: viv; vladimir:
vova volodya vlad vladi; vladislav: vlad; walter: walt wally; wayne: way; wendy: wen; wilfred: wilf fred; wilhelm: willi willy; william:
bill will liam billy willie willy wills; winifred: winnie; winston: win; wolfgang: wolf; yekaterina: katya; yvonne: eve; yuri: yura;
zachary: zach zack zac zak; zoe: zoey`;

const canonicals = new Map<string, string[]>();
const add = (token: string, canonical: string) => {
  const known = canonicals.get(token);
  if (known === undefined) canonicals.set(token, [canonical]);
  else if (!known.includes(canonical)) known.push(canonical);
};
const entries = table
  .trim()
  .split(/;\s*/)
  .map((entry) => entry.split(/:\s*/) as [string, string]);
for (const [canonical] of entries) add(canonical, canonical);
for (const [canonical, forms] of entries) for (const form of forms.split(/\s+/)) add(form, canonical);

/** Every given name that a folded token can stand for: `pat` for patricia and patrick. Undefined: only for itself. */
export const givenNamesOf = (token: string): readonly string[] | undefined => canonicals.get(token);

/** One given name for a folded token: `bob` is robert. An ambiguous short form gives its first name; see `nicknamesAgree`. */
export const nicknameOf = (token: string): string => canonicals.get(token)?.[0] ?? token;

/** The given name that both folded tokens can stand for, or null. */
export function sharedGivenName(a: string, b: string): string | null {
  if (a === b) return a;
  const ofA = canonicals.get(a);
  const ofB = canonicals.get(b);
  if (ofA === undefined && ofB === undefined) return null;
  if (ofA === undefined) return ofB!.includes(a) ? a : null;
  if (ofB === undefined) return ofA.includes(b) ? b : null;
  return ofA.find((name) => ofB.includes(name)) ?? null;
}

/** Whether two folded tokens can be forms of one given name: Bob and Rob, Kate and Catherine. */
export const nicknamesAgree = (a: string, b: string): boolean => sharedGivenName(a, b) !== null;
