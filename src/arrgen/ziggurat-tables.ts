/**
 * Tables of the ziggurat for the normal distribution (ZIGNOR, 256 layers) as rand_distr 0.5 has them: 257
 * little-endian f64 each, in Base64. X are the edges, F[i] = exp(-X[i]^2 / 2). Literal values, because computing
 * them here would differ in the last bit. Source: protocol 8.6, item 7.
 */
const edges = [
  'mEQWeDtJD0AzrQmCtDsNQJX5eDgfmAtAjHGUeNyPCkDfUEAB7ssJQBo9b5TgLglAEnSqvw+rCEDG6SkFAzkIQMPF1vQt1AdAW/0I',
  'VpV5B0DXcF/wKCcHQJbYCY1r2wZA7dufvkCVBkDfYAB7zlMGQA8Uhs9pFgZAk8Y6JIrcBUBCg3GLwKUFQFrZSqmxcQVAWXM6UhFA',
  'BUAxoelTnxAFQMx9zQ0l4wRAzE5rnXO3BEA9OJx1Yo0EQHQup0TOZARA0VJUFZg9BED22bmcpBcEQHHoYKrb8gNAg/gWsyfPA0C4',
  'fK5wdawDQKk0VpKzigNAwZszetJpA0AGBq4FxEkDQOmXaF57KgNAF6JW0uwLA0ACbKmxDe4CQIjOljHU0AJAJ/0pUze0AkAxAXfN',
  'LpgCQMtLqPqyfAJAYkt2x7xhAkCLjqykRUcCQDvGb3pHLQJAs74EnbwTAkAYy+LCn/oBQDag5Pvr4QFAd5hxqZzJAUBXIX93rbEB',
  'QFrdTlYamgFA9QPSdN+CAUBu4J07+WsBQJ0fYEhkVQFAtfrDaR0/AUBkTrubISkBQFZhIARuEwFAspCm7//9AEB1VhHP1OgAQPkt',
  'qjTq0wBA98Tu0T2/AEBasXF1zaoAQNCS6AiXlgBAeR5jj5iCAECwFqcj0G4AQKyjrfY7WwBA2+U+TtpHAECm8qiDqTQAQCm5jwKo',
  'IQBAPZDTR9QOAEBn1RjBWfj/P67GL9Jg0/8/tAFxGLuu/z9EdokEZor/P/bfyCBfZv8/xyu3D6RC/z9GMcKKMh//P5vKAWEI/P4/',
  '94QQdiPZ/j+QTPfAgbb+P1ycKkshlP4/QduXLwBy/j9vrsGZHFD+P6cj6sR0Lv4/mK5J+wYN/j9+ClKV0ev9PyAl/PjSyv0/TUog',
  'mQmq/T9N19f0c4n9P5TM55YQaf0/gaEzFd5I/T8jyjcQ2yj9PzlqizIGCf0/yrpoMF7p/D/qsDvH4cn8P818Nr2Pqvw/AIDr4GaL',
  '/D+1YOwIZmz8P5PmbROMTfw/aVPw5dcu/D+i7+tsSBD8P0qHgZvc8fs/Lpkua5PT+z++/YTba7X7P1HP5fFkl/s/AWE/uX15+z+h',
  'FM5BtVv7P2Hj36AKPvs/fm+a8Hwg+z8AeMNPCwP7P96Ji+G05fo/NsxazXjI+j8xx58+Vqv6PyYHoGRMjvo/TX9Kclpx+j/vkAue',
  'f1T6P4GdoiG7N/o/dQv5OQwb+j/qpvomcv75P21Ibyvs4fk/Q63VjHnF+T+SbT+TGan5P7/9LYnLjPk/Nqlwu45w+T+MdQN5YlT5',
  'P7jd7hJGOPk/vFUo3Dgc+T+8h3MpOgD5Pwo8RFFJ5Pg/Nd6gq2XI+D+SkQWSjqz4PzHIR1/DkPg/fk96bwN1+D8oxtEfTln4PzJv',
  'ic6iPfg/RVbI2gAi+D+euYakZwb4PxWuc4zW6vc/2fHa80zP9z+U4oo8yrP3P8uLushNmPc/LcLv+tZ89z+tQOU1ZWH3PxO8cNz3',
  'Rfc/puFoUY4q9z9zNYv3Jw/3P4PEYTHE8/Y/KJ8oYWLY9j82D7PoAb32P899UCmiofY/9/uwg0KG9j/TYMlX4mr2PwzwtgSBT/Y/',
  'QXqi6B009j//6KJguBj2Pw8nn8hP/fU/RVUve+Ph9T9IO33Rcsb1P/viIyP9qvU/TEwOxoGP9T9EJlUOAHT1PyV5G053WPU/PSxq',
  '1eY89T/YUAryTSH1P20aXu+rBfU/nGo4FgDq9D/91bKsSc70PwYFAvaHsvQ/XlJIMrqW9D/qhWae33r0P5OJynP3XvQ/WvI76ABD',
  '9D+RNaYt+yb0PyRf4HHlCvQ/rBpy3r7u8z+A3VWYhtLzPxf8t787tvM/6XCyb92Z8z9dFgW+an3zPzQQyrriYPM/ahsmcERE8z9f',
  'dfThjifzP2kEbg3BCvM/f2TL6Nnt8j+hcuFi2NDyP4Dot2K7s/I/F5AZx4GW8j/Nix1mKnnyP5kjqQy0W/I/B3rpfR0+8j8XfcRy',
  'ZSDyPxBWQJmKAvI/3Ijgk4vk8T+z3vf4ZsbxP6Mg7lEbqPE/fox4GqeJ8T+R0cO/CGvxP9hBjp8+TPE/dL8wB0ct8T+9xJQyIA7x',
  'P022FUvI7vA/bXlLZj3P8D8GDbyEfa/wP/2ecZCGj/A/+UlyW1Zv8D/UThae6k7wP1k3OfVALvA/idtB4FYN8D+Refl9U9jvPysg',
  'h55tle8/iDzYVPZR7z+Vpe+E5w3vP5XD+L06ye4/CK15M+mD7j8tKdK16z3uP42u8Kk69+0/7u0iAM6v7T8NUeMpnWftP/flfw6f',
  'Hu0/ylFx/snU7D8LYzGlE4rsP+ByWPlwPuw/O6K+Ktbx6z8wu1GONqTrP9qRQYeEVes/1X8SbbEF6z+6JA9urbTqP/XWdm1nYuo/',
  'mKuj3MwO6j87xDeOybnpPxgYK4JHY+k/qMJNqS4L6T8sY3qeZLHoPyPwQVPMVeg/l9NFrUX45z/wALIQrZjnP7bGRdPaNuc/c8r+',
  'kaLS5j9+N6Jh0mvmP5sv2M8xAuY/yXMGp4CV5T8cbBlidSXlP42JPDa7seQ/Chf+je855D8GHKHBnr3jP+3pVcA/POM/MBtiOC61',
  '4j9qRXiPoifiPwpFP5emkuE/TksAOwX14D8ug4wnMk3gP6YHSC1IMt8/IDFvWi+s3T+TjTIvTQDcP544Ri4MI9o/xfon6PwB2D9Q',
  '5To4uXzVP2kKIDyvUNI/GJnW4wuNyz8AAAAAAAAAAA==',
].join('')

const heights = [
  'IR4Nb5RKPz8P97m2BaZUP0TWwUOfX2U/19mwAx+KcD9Y9gzZqJ52P0e97Phg4Xw/C2aVKZKlgT+fEhtCluuEP8rzjQ0EQYg/3OtP',
  'J42kiz+WRnNPKhWPP2drYDQDSZE/MqCrjTgNkz9m+fvy6taUP4cPDPTapZY/IxgBttF5mD9CSiNOn1KaP6luzYMZMJw/ZPmC2xoS',
  'nj8sGhnXgfifPw++li6Y8aA/kqwfnwXpoT9POj7ofOKiP2k4mc7y3aM/8nQRDl3bpD9p//I8stqlPwAmmbPp26Y/yYCvd/vepz91',
  'E2kq4OOoP1i3KfmQ6qk/l8U4kAfzqj+RlCgPPv2rPwpgrv4uCa0/fMSyR9UWrj+D5WwrLCavP28iMZ6XG7A/MdYVLO2ksD/mWfLQ',
  'FC+xPwjOl74MurE/YFTdRNNFsj8oepvPZtKyP9CJ2eTFX7M/POgmI+/tsz8jchtA4Xy0Pxd++gabDLU/a7t0VxudtT9FpIUkYS62',
  'P+ejaXNrwLY/f22qWjlTtz9NTj8Byua3Pz6Jv50ce7g/EwSldTAQuT/+wJ3cBKa5P/XK6jOZPLo/KGHL6ezTuj+3T/N4/2u7PyyA',
  'C2jQBLw/veY7SV+evD8xB765qzi9P4Jgd2G1070/6h+b8ntvvj9ni1Ip/wu/PzKia8s+qb8/iL4GVJ0jwD89ArlL+XLAP9FNUj2z',
  'wsA/NLSiHcsSwT9DdKjlQGPBP4rFdZIUtME/5YUYJUYFwj/SqYOi1VbCP6ZTehPDqMI/Y3h8hA77wj/6+rQFuE3DP9Qo6aq/oMM/',
  'EIRpiyX0wz+0yQPC6UfEP44j9mwMnMQ/pHbjrY3wxD+dwMipbUXFP1x384ismsU/b9/4dkrwxT+cTq6iR0bGP+hQIj6knMY/L6eW',
  'fmDzxj9RF3ucfErHP2UGadP4occ/UNYfYtX5xz+wAIKKElLIP3PpkpGwqsg/JWR1v68DyT+I52pfEF3JP2Nr07/Stsk/8ewtMvcQ',
  'yj/flhkLfmvKPxuKV6Jnxso/BUXNUrQhyz8rp4d6ZH3LP96Pvnp42cs/QRbZt/A1zD8QWnKZzZLMP0vsXooP8Mw/ks+y+LZNzT8V',
  'EMhVxKvNP1/zRRY4Cs4/icAoshJpzj/CIcqkVMjOPyog6mz+J88/a7u4jBCIzz/YHuCJi+jPP/m6x/a3JNA/STFDIl9V0D+bi5CP',
  'O4bQPzaMsohNt9A/GlSHWZXo0D91b89PExrRP7g6NbvHS9E/OaJU7bJ90T+hPsM51a/RP2vQGPYu4tE/9xz4ecAU0j/oLxgfikfS',
  'P4UDTkGMetI/TpOWPset0j/lWyF3O+HSP75LW03pFNM/Pyj6JdFI0z8sawho83zTP3ec8XxQsdM/uyyP0Ojl0z8V1TXRvBrUPxeB',
  'w+/MT9Q/DcitnxmF1D/++hBXo7rUPxPNv45q8NQ/lJxTwm8m1T/RYj1ws1zVP7xR1xk2k9U/cSZ3Q/jJ1T8oOIF0+gDWP6tLfDc9',
  'ONY/rzMmGsFv1j8nR4mthqfWP+y2EoaO39Y/zcypO9kX1z+vHshpZ1DXP/PAkq85idc/AIT0r1DC1z+tSbkRrfvXP8V/qn9PNdg/',
  '9M2sqDhv2D8cBt8/aanYPwNnuvzh49g/YEI0m6Me2T87GOHbrlnZP9M6GYQEldk/Uw8fXqXQ2T8eAUc5kgzaP54+IerLSNo/RFil',
  'SlOF2j/X2186KcLaPwYIop5O/9o//LWzYsQ82z/QmAd4i3rbP830cdakuNs/3vJhfBH32z8Ptx1v0jXcP7JjAbvodNw/yzXBc1W0',
  '3D+O6q60GfTcP0KhAqE2NN0/nHAnZK103T/I6gsyf7XdP9LPdket9t0/BzNg6jg43j8HXU9qI3reP1m6vSBuvN4/Yix/cRr/3j+Q',
  'GTDLKULfPz2hqaedhd8/8V98jHfJ3z/eHLmF3AbgPznVi+ExKeA/NZOmr7xL4D84kfDMfW7gP4GzmR12keA/sTBxjaa04D+qmkEQ',
  'ENjgPyiyMqKz++A/XHkxSJIf4T/TBF8QrUPhPyqWhhIFaOE/vZmbcJuM4T+hL0BXcbHhPyD5VP6H1uE/AveSqeD74T8EWjCpfCHi',
  'P8w+kVpdR+I/cWkFKYRt4j/bMpSO8pPiP1f81xSquuI/SaTqVazh4j+fomT9+gjjP0GlcMmXMOM/V731i4RY4z+tbtorw4DjP1c8',
  'Y6ZVqeM/ZqKvED7S4z/HzViZfvvjP7PTNYoZJeQ/3atJShFP5D8Ux99faHnkPyPL3HIhpOQ/HslJTz/P5D+DMiHoxPrkP7vqZVq1',
  'JuU/Ax6O8BNT5T8wD00m5H/lPxzgyKwpreU//oRLb+ja5T8KroCYJAnmP9+VVZjiN+Y/Hm+TKidn5j9ryVFe95bmPyXrY55Yx+Y/',
  '+w3rulD45j+nAkD05SnnP41wcQcfXOc/yUuhPAOP5z8nBp13msLnP5WDIUvt9uc/VXNXDwUs6D/WYzj862HoP5qJu0itmOg/3Ljm',
  'T1XQ6D9SIzK98QjpP1IwHMKRQuk/FDViV0Z96T9jxSSNIrnpP5njZe479uk/DHj2/ao06j+DmFHVi3TqP8b5evH+teo/E8RtPyr5',
  '6j/avzWCOj7rP0DgkDplhes/jdDiTuvO6z9Hue/ZHBvsP7iCqs5eauw/AkaoqDO97D+JQqJ4SRTtPxL6WAaScO0/+TUGp2/T7T+y',
  'ayngET/uPy1abltUt+4/ZQJ8yWpE7z8AAAAAAADwPw==',
].join('')

function decode(base64: string): Float64Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float64Array.from({ length: bytes.length / 8 }, (_, index) => view.getFloat64(8 * index, true))
}

export const zigguratX: Float64Array = decode(edges)
export const zigguratF: Float64Array = decode(heights)
/** The right edge of the base layer, where the tail begins. */
export const ZIGGURAT_R = 3.654152885361009
